package io.perpetua.risk.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.RequestRepeated;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.risk.domain.engine.Outbox;

/** Turns what the engine publishes into records of their topics, and counts it. */
final class EmittingOutbox implements Outbox {
    private final Emitter out;
    private final MeterRegistry metrics;

    EmittingOutbox(Emitter out, MeterRegistry metrics) {
        this.out = out;
        this.metrics = metrics;
    }

    @Override
    public void admit(Admission admission) {
        out.emit(
                new Outgoing(
                        Topics.ADMISSIONS.name(),
                        Partitions.of(admission.command().market()),
                        null,
                        EventCodec.encode(Admission.class, admission),
                        null));
        count(outcome(admission));
    }

    private static String outcome(Admission admission) {
        return switch (admission) {
            case OrderAdmitted admitted -> "ADMITTED";
            case PlacementRefused refused -> refused.refusal().name();
            case PlacementRepeated repeated -> "REPEATED";
            case CancelAdmitted admitted -> "CANCEL_ADMITTED";
            case AmendAdmitted admitted -> "AMEND_ADMITTED";
            case CancelAllAdmitted admitted -> "CANCEL_ALL_ADMITTED";
            case RequestRepeated repeated -> "REPEATED";
            case RequestRefused refused -> refused.refusal().name();
        };
    }

    void count(String outcome) {
        metrics.counter("perpetua.risk.admissions", "outcome", outcome).increment();
    }

    @Override
    public void settle(Settlement settlement) {
        out.emit(
                new Outgoing(
                        Topics.SETTLEMENTS.name(),
                        Partitions.of(settlement.user()),
                        null,
                        EventCodec.encode(Settlement.class, settlement),
                        null));
    }

    @Override
    public void answer(PositionEvent outcome) {
        Reply reply = outcome.reply();
        out.emit(
                new Outgoing(
                        Topics.POSITION_EVENTS.name(),
                        Partitions.of(outcome.user()),
                        null,
                        EventCodec.encode(PositionEvent.class, outcome),
                        reply == null ? null : reply.toString()));
    }
}
