import factory
from django.utils.text import slugify

from hub.taxonomy.models import Function, Industry, Topic


class TermFactory(factory.django.DjangoModelFactory):
    slug = factory.LazyAttribute(lambda term: slugify(term.name))

    class Meta:
        abstract = True


class TopicFactory(TermFactory):
    name = factory.Sequence(lambda n: f"Topic {n}")

    class Meta:
        model = Topic


class FunctionFactory(TermFactory):
    name = factory.Sequence(lambda n: f"Function {n}")
    initial = factory.Sequence(lambda n: chr(65 + n // 26 % 26) + chr(97 + n % 26))

    class Meta:
        model = Function


class IndustryFactory(TermFactory):
    name = factory.Sequence(lambda n: f"Industry {n}")
    colour_slot = factory.Sequence(lambda n: n % 8 + 1)

    class Meta:
        model = Industry
