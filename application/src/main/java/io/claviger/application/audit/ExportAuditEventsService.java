package io.claviger.application.audit;

import io.claviger.application.audit.out.AuditEvents;
import io.claviger.application.shared.TimePosition;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

final class ExportAuditEventsService implements ExportAuditEvents {
  private static final int PIECE = 1_000;

  private final AuditEvents events;

  ExportAuditEventsService(AuditEvents events) {
    this.events = events;
  }

  @Override
  public void export(Span span, Consumer<List<AuditEvent>> taker) {
    Optional<TimePosition> after = Optional.empty();
    boolean more = true;
    while (more) {
      List<AuditEvent> piece = events.oldest(span, after, PIECE);
      taker.accept(piece);
      more = piece.size() == PIECE;
      if (more) {
        AuditEvent last = piece.get(PIECE - 1);
        after = Optional.of(new TimePosition(last.at(), last.id()));
      }
    }
  }
}
