"""What Word and Google Docs put on the clipboard, written after the structure of their real HTML."""

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Users/x/clip_filelist.xml">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom></w:WordDocument></xml><![endif]-->
<style><!-- /* Font Definitions */ @font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm; font-size:11.0pt; mso-fareast-language:EN-US;}
@list l0:level1 {mso-level-number-format:bullet; mso-level-text:\\F0B7; font-family:Symbol;} --></style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:"Table Normal";}</style><![endif]--></head>
<body lang=EN-GB link="#0563C1" style='tab-interval:36.0pt;word-wrap:break-word'><!--StartFragment-->
<p class=MsoNormal style='margin-bottom:8.0pt;mso-line-height-rule:exactly'><b><span lang=EN-GB
style='font-size:12.0pt;mso-bidi-font-family:Calibri'>Bold words</span></b><span lang=EN-GB
style='mso-spacerun:yes'>&nbsp; </span><i style='mso-bidi-font-style:normal'><span style='color:#C00000'>and
slanted</span></i><span style='mso-tab-count:1'> ones.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol;mso-bidi-font-family:Symbol'><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>First point<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol;mso-bidi-font-family:Symbol'><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Second <a href="https://www.example.org/two"><span
style='mso-no-proof:yes'>point</span></a><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-fareast-font-family:Calibri'><span style='mso-list:Ignore'>1.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Ask<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-fareast-font-family:Calibri'><span style='mso-list:Ignore'>2.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Listen<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="Picture_1" style='width:1pt'><v:imagedata
src="file:///C:/Users/x/clip_image001.png" o:title=""/></v:shape><![endif]--><![if !vml]><img width=1 height=1
src="file:///C:/Users/x/clip_image002.png" v:shapes="Picture_1"><![endif]><o:p></o:p></p>
<p class=MsoNormal>The end.<o:p></o:p></p>
<!--EndFragment--></body></html>"""

GOOGLE_DOCS = """<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;"
id="docs-internal-guid-5b1f3f0e-7fff-2a4c-9d1e-0a1b2c3d4e5f"><p dir="ltr"
style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;"><span style="font-size:11pt;font-family:Arial,sans-serif;
color:#000000;background-color:transparent;font-weight:700;font-style:normal;font-variant:normal;
text-decoration:none;vertical-align:baseline;white-space:pre;white-space:pre-wrap;">Bold words</span><span
style="font-size:11pt;font-family:Arial,sans-serif;color:#000000;font-weight:400;font-style:normal;
text-decoration:none;vertical-align:baseline;white-space:pre-wrap;"> </span><span style="font-size:11pt;
font-family:Arial,sans-serif;color:#cc0000;font-weight:400;font-style:italic;text-decoration:none;
vertical-align:baseline;white-space:pre-wrap;">and slanted</span><span style="font-size:11pt;
font-family:Arial,sans-serif;color:#000000;font-weight:400;font-style:normal;white-space:pre-wrap;"> ones.</span></p><ul
style="margin-top:0;margin-bottom:0;padding-inline-start:48px;"><li dir="ltr" style="list-style-type:disc;
font-size:11pt;font-family:Arial,sans-serif;font-weight:400;white-space:pre;" aria-level="1"><p dir="ltr"
style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;" role="presentation"><span style="font-size:11pt;
font-weight:400;white-space:pre-wrap;">First point</span></p></li><li dir="ltr" style="list-style-type:disc;
font-size:11pt;font-weight:400;white-space:pre;" aria-level="1"><p dir="ltr" style="line-height:1.38;"
role="presentation"><span style="font-weight:400;white-space:pre-wrap;">Second </span><a
href="https://www.example.org/two" style="text-decoration:none;"><span style="font-size:11pt;color:#1155cc;
font-weight:400;text-decoration:underline;white-space:pre-wrap;">point</span></a></p></li></ul><ol
style="margin-top:0;margin-bottom:0;padding-inline-start:48px;"><li dir="ltr" style="list-style-type:decimal;
font-weight:400;white-space:pre;" aria-level="1"><p dir="ltr" role="presentation"><span
style="font-weight:400;">Ask</span></p></li><li dir="ltr" style="list-style-type:decimal;font-weight:400;"
aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">Listen</span></p></li></ol><p dir="ltr"
style="line-height:1.38;"><span style="font-weight:400;font-style:normal;">The end.</span></p></b><br
class="Apple-interchange-newline">"""
