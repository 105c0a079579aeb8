package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

final class ExportAuditEventsService implements ExportAuditEvents {
  private static final int PIECE = 1_000;

  private final AuditEventStore events;

  ExportAuditEventsService(AuditEventStore events) {
    this.events = events;
  }

  @Override
  public void export(TimeSpan span, Consumer<List<AuditEvent>> taker) {
    Optional<TimeCursor> after = Optional.empty();
    boolean more = true;
    while (more) {
      List<AuditEvent> piece = events.oldest(span, after, PIECE);
      taker.accept(piece);
      more = piece.size() == PIECE;
      if (more) {
        AuditEvent last = piece.get(PIECE - 1);
        after = Optional.of(new TimeCursor(last.at(), last.id()));
      }
    }
  }
}
