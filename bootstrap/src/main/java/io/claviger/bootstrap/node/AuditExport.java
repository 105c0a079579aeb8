package io.claviger.bootstrap.node;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import io.claviger.web.audit.AuditEventJson;
import io.claviger.wiring.CommandContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The program behind {@code audit export}. It works with or without a running node, and changes
 * nothing.
 */
public final class AuditExport implements Programs.AuditExport {
  @Override
  public void write(Settings settings, TimeSpan span, OutputStream out) throws IOException {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings);
        CommandContext context =
            CommandContext.of(database.pool(), Optional.empty(), "audit export")) {
      if (!Schema.isCurrent(context.get(Database.class))) {
        throw new StartRefused(
            "the database's schema is of another version of Claviger; start this version once to"
                + " upgrade it");
      }
      context.get(AuditEvents.class).export(span, events -> write(events, out));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database became unreachable; the output is incomplete", e);
    }
  }

  private static void write(List<AuditEvent> events, OutputStream out) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (AuditEvent event : events) {
      lines.writeBytes(AuditEventJson.of(event).line());
      lines.write('\n');
    }
    try {
      lines.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
