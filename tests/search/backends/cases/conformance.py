"""modelsearch's own suite for backends, against Whoosh."""

from django.test import TestCase
from modelsearch.test.testapp import models
from modelsearch.tests import test_backends


class WhooshConformance(test_backends.BackendTests, TestCase):
    backend_path = "search.backends.whoosh"

    @classmethod
    def setUpTestData(cls):
        """Adds what the suite of 1.3.2 expects and older copies of its fixture lack."""
        super().setUpTestData()
        for model in (models.MPAnimal, models.NSAnimal):
            if not model.objects.exists():
                animal = model.add_root(name="Animal")
                mammal = model.objects.get(pk=animal.pk).add_child(name="Mammal")
                model.objects.get(pk=animal.pk).add_child(name="Reptile")
                for name in ("Dog", "Cat"):
                    model.objects.get(pk=mammal.pk).add_child(name=name)
        if not models.Speaker.objects.exists():
            meeting = models.Meeting.objects.get(name="Stand-up meeting")
            item = models.AgendaItem.objects.create(meeting=meeting, topic="Mysteries")
            models.Speaker.objects.create(agenda_item=item, name="Arthur Conan Doyle")

    def clear_index_entries(self):
        self.backend.reset_indexes()
