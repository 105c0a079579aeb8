package io.claviger.bootstrap.node;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.TimeSpan;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.operator.StartRefused;
import io.claviger.persistence.PersistenceModule;
import io.claviger.web.audit.AuditEventJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;

/** {@code audit export}: works beside a running node or without one, changes nothing. */
public final class AuditExport implements Programs.AuditExport {
  @Override
  public void write(Settings settings, TimeSpan span, OutputStream out) throws IOException {
    try (ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      PersistenceModule ports = new PersistenceModule(database.pool(), InstantSource.system());
      if (!ports.isSchemaCurrent()) {
        throw new StartRefused("the schema is not that of this Claviger; start it there first");
      }
      AuditEvents.of(ports.auditEvents()).export(span, events -> write(events, out));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database went away; what was printed is not all", e);
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
