"""Jobs: one worker at a time, taken over when it dies, tried again when they fail."""

import threading
from datetime import timedelta

import pytest
from celery import Celery
from django.db.models.functions import Now
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from personalization.clock import now
from personalization.outbox import Job, after_commit
from workers import jobs, relay, tasks
from workers.later import Later
from workers.schedule import SCHEDULE, ask, install

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(monkeypatch):
    """Calls of a task of our own; set `does` to what it does."""

    class Played:
        calls = 0
        does = staticmethod(lambda say: "done")

        def __call__(self, arguments, say):
            self.calls += 1
            return self.does(say)

    played = Played()
    monkeypatch.setitem(tasks.TASKS, "test.play", played)
    return played


@pytest.fixture
def job(task):
    return after_commit("test.play")


def pass_time(job: Job, **columns) -> None:
    """As if the instants of these columns lay an hour back."""
    Job.objects.filter(pk=job.pk).update(
        **dict.fromkeys(columns or ("lease_until",), timezone.now() - timedelta(hours=1))
    )


def test_a_job_is_run_once_and_keeps_its_result(job, task):
    assert jobs.run_now(job)
    assert (job.state, job.result, job.attempts) == (Job.DONE, "done", 1)
    assert not jobs.run_now(job)
    assert task.calls == 1


def test_a_job_that_somebody_works_on_is_left_alone(job):
    assert jobs.claim(job.pk)
    assert jobs.claim(job.pk) is None


def test_the_work_of_a_dead_worker_is_taken_over_and_the_dead_write_nothing(job):
    dead = jobs.claim(job.pk)
    pass_time(job)
    heir = jobs.claim(job.pk)

    assert heir is not None
    assert not dead.renew()
    assert not dead.finish("from the grave")
    assert not dead.fail("from the grave", 1)
    assert heir.finish("alive")
    job.refresh_from_db()
    assert job.result == "alive"


def test_a_job_waits_until_it_is_due(task):
    later = after_commit("test.play", due_at=now() + timedelta(hours=1))
    assert not jobs.run_now(later)


def test_failure_is_seen_and_tried_again_until_it_has_failed(job, task):
    def fail(say):
        raise ValueError("the cellar is flooded")

    task.does = fail
    states = []
    for _ in range(jobs.TRIES):
        Job.objects.filter(pk=job.pk).update(due_at=Now())
        assert jobs.run_now(job)
        states.append(job.state)

    assert states == [Job.WAITING, Job.WAITING, Job.FAILED]
    assert "the cellar is flooded" in job.error
    assert job.finished_at is not None
    assert not jobs.run_now(job)


def test_a_job_that_kills_its_workers_is_given_up(job, task):
    for _ in range(jobs.TRIES):
        assert jobs.claim(job.pk)
        pass_time(job)

    assert jobs.run_now(job)
    assert job.state == Job.FAILED
    assert task.calls == 0


def test_a_job_that_wants_to_go_on_later_has_not_failed_and_its_try_does_not_count(job, task):
    def later(say):
        raise Later(timedelta(seconds=40))

    task.does = later
    assert jobs.run_now(job)

    assert (job.state, job.attempts, job.error) == (Job.WAITING, 0, "")
    assert timedelta(seconds=20) < job.due_at - now() <= timedelta(seconds=41)
    assert not jobs.run_now(job)


@pytest.mark.parametrize("how", ["it fails", "its workers die"])
def test_whoever_waits_for_a_job_is_told_when_it_has_failed_for_good(job, task, monkeypatch, how):
    told = []
    monkeypatch.setitem(tasks.GIVEN_UP, "test.play", told.append)

    def fail(say):
        raise ValueError

    task.does = fail
    for _ in range(jobs.TRIES):
        assert told == []
        Job.objects.filter(pk=job.pk).update(due_at=Now())
        if how == "it fails":
            jobs.run_now(job)
        else:
            jobs.claim(job.pk)
            pass_time(job)
    jobs.run_now(job)

    assert told == [job.arguments]


def test_progress_is_told_here_and_shown_in_the_row(job, task):
    heard = []

    def work(say):
        say("half of it")
        return Job.objects.get(pk=job.pk).progress

    task.does = work
    jobs.run_now(job, say=heard.append)

    assert (heard, job.result) == (["half of it"], "half of it")


@pytest.mark.django_db(transaction=True)
def test_long_work_keeps_its_lease(job, task, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT", timedelta(milliseconds=20))
    renewed = threading.Event()
    real = jobs.Lease.renew
    monkeypatch.setattr(jobs.Lease, "renew", lambda lease: (real(lease) and renewed.set(), True)[1])
    ends = []

    def work(say):
        ends.append(Job.objects.get(pk=job.pk).lease_until)
        assert renewed.wait(20)
        ends.append(Job.objects.get(pk=job.pk).lease_until)

    task.does = work
    jobs.run_now(job)

    assert job.state == Job.DONE
    assert ends[1] > ends[0]


def test_an_unknown_task_fails_with_the_names_of_those_that_are(task):
    job = after_commit("learn.everything")
    jobs.run_now(job)
    assert "learn.train" in job.error


def test_work_for_a_site_that_is_gone_is_done(db):
    job = after_commit("learn.refresh", site_id=404)
    jobs.run_now(job)
    assert job.state == Job.DONE


# ---------------------------------------------------------------- relay and schedule


@pytest.fixture
def broker():
    """A Celery application whose messages stay in this process."""
    app = Celery("test", broker="memory://")
    with app.connection_for_write() as connection:
        connection.default_channel.queue_declare("celery")
        connection.default_channel.queue_purge("celery")
        yield app


def test_the_relay_announces_each_free_job_once(job, broker):
    after_commit("test.play", due_at=now() + timedelta(hours=1))

    assert relay.hand_over(broker) == 1
    assert relay.hand_over(broker) == 0


def test_the_relay_announces_again_what_nobody_followed(job, broker):
    relay.hand_over(broker)
    pass_time(job, handed_at=True)
    assert relay.hand_over(broker) == 1


def test_the_relay_announces_what_a_dead_worker_left(job, broker):
    relay.hand_over(broker)
    jobs.claim(job.pk)
    pass_time(job, lease_until=True, handed_at=True)
    assert relay.hand_over(broker) == 1


def test_a_job_that_failed_is_announced_again_when_its_time_has_come(job, task, broker):
    def fail(say):
        raise ValueError

    relay.hand_over(broker)
    task.does = fail
    jobs.run_now(job)
    assert relay.hand_over(broker) == 0

    Job.objects.filter(pk=job.pk).update(due_at=Now())
    assert relay.hand_over(broker) == 1


def test_the_relay_outlives_an_absent_broker_and_says_it_once(job, tmp_path, monkeypatch, caplog):
    class Rounds:
        left = 3

        def wait(self, pause):
            self.left -= 1
            return self.left < 0

    monkeypatch.setattr(relay.connection, "close", lambda: None)  # the test's own transaction
    nowhere = Celery("test", broker=f"sqla+sqlite:///{tmp_path}/gone/broker.sqlite3")

    relay.keep_handing_over(nowhere, Rounds())

    assert [record.message.split()[0] for record in caplog.records] == ["relay.waiting"]
    job.refresh_from_db()
    assert (job.state, job.handed_at) == (Job.WAITING, None)


def test_everything_on_the_schedule_is_a_task_that_we_know():
    assert {entry["args"][0] for entry in SCHEDULE.values()} <= set(tasks.TASKS)


@pytest.mark.parametrize("task_name", [entry["args"][0] for entry in SCHEDULE.values()])
def test_asking_by_the_clock_twice_asks_for_one_piece_of_work(task_name, site):
    ask(task_name)
    ask(task_name)
    assert Job.objects.filter(task=task_name, state=Job.WAITING).count() == 1


def test_the_schedule_stands_in_the_admin_and_keeps_what_people_changed(db):
    install()
    entry = PeriodicTask.objects.get(name="Train models")
    entry.crontab = CrontabSchedule.objects.create(minute="0", hour="1")
    entry.enabled = False
    entry.save()

    install()

    entry.refresh_from_db()
    assert (entry.crontab.hour, entry.enabled) == ("1", False)
    assert set(PeriodicTask.objects.values_list("name", flat=True)) == set(SCHEDULE)
