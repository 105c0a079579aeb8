package io.claviger.application.shared.port;

import io.claviger.domain.audit.AuditEvent;
import java.util.List;

/** Stores audit events permanently. Nobody can change or remove events. */
public interface AuditTrail {
  /** Records an event, in the current transaction if there is one. */
  void record(AuditEvent event);

  /**
   * Records an event that callers can cause as often as they like, in the current transaction. If
   * the event's actor has caused many such events in this hour, the event might only be counted
   * ({@link io.claviger.domain.audit.FrequentEvents}). An event without an actor counts for its
   * target.
   */
  default void recordFrequent(AuditEvent event) {
    record(event);
  }

  /**
   * Records one event for each kind of events that were only counted, if their hour is over.
   *
   * @param ids the ids of the recorded events
   */
  default void recordSums(Ids ids) {}

  /** Records several events together. */
  default void recordAll(List<AuditEvent> events) {
    events.forEach(this::record);
  }
}
