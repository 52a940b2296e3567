"""What a workflow that follows one subject has in common with every other one."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.agenda import Agenda
    from workflows.agenda import AgendaLoop, Follow
    from workflows.names import CHANGED_SIGNAL


class Following:
    """State, signal and query; each workflow adds its `init` and `run`, as Temporal wants it.

    State is made in `init` and not in `run`: signals are handled before `run` begins, and what
    they said would be overwritten.
    """

    _loop: AgendaLoop

    @workflow.signal(name=CHANGED_SIGNAL)
    def records_changed(self, revision: int) -> None:
        """The subject's records are at this revision now."""
        self._loop.hear(revision)

    @workflow.query
    def agenda(self) -> Agenda | None:
        """The agenda as last planned: ids and instants only."""
        return self._loop.agenda


__all__ = ["AgendaLoop", "Follow", "Following"]
