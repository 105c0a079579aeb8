package io.claviger.bootstrap.cli;

import io.claviger.application.audit.TimeSpan;
import io.claviger.application.keys.RotationModule;
import io.claviger.bootstrap.doctor.Finding;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.dhampsimport.ImportReport;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.operator.Confidential;
import io.claviger.operator.DatabaseAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the commands run. Each may throw {@link io.claviger.operator.StartRefused}, whose lines are
 * shown and make exit code 1.
 */
public record Programs(
    Serve serve,
    Demo demo,
    AdminToken adminToken,
    Keys keys,
    ImportDhamps importDhamps,
    AuditExport auditExport,
    Doctor doctor) {

  /** Returns when both listeners answer. */
  @FunctionalInterface
  public interface Serve {
    RunningServer start(Settings settings);
  }

  /** Takes the environment raw: a demo has a data directory and ports of its own. */
  @FunctionalInterface
  public interface Demo {
    RunningServer start(Map<String, String> environment, PrintWriter out);
  }

  /** Moves in from a database of dhamps-vdb. */
  @FunctionalInterface
  public interface ImportDhamps {
    ImportReport run(Settings settings, Order order);

    /**
     * @param renames new handles by the old names
     */
    record Order(
        DatabaseAddress from,
        Optional<Path> legacyKeyFile,
        Map<String, Handle> renames,
        boolean dryRun) {}
  }

  /** Makes a new token for {@code root}, and revokes the one that it made before. */
  @FunctionalInterface
  public interface AdminToken {
    Confidential renew(Settings settings);
  }

  /** Reaches for the encryption keys on record, beside running nodes or without any. */
  @FunctionalInterface
  public interface Keys {
    OpenKeys open(Settings settings);
  }

  /** Writes the audit trail, or what is of a span of time, as JSON lines, oldest first. */
  @FunctionalInterface
  public interface AuditExport {
    /**
     * @throws IOException when the stream takes no more
     */
    void write(Settings settings, TimeSpan span, OutputStream out) throws IOException;
  }

  /** Looks at everything and changes nothing; each finding as it is made. */
  @FunctionalInterface
  public interface Doctor {
    void examine(Settings settings, Consumer<Finding> findings);
  }

  /** What can be done with encryption keys, until it is closed. */
  public interface OpenKeys extends AutoCloseable {
    RotationModule rotation();

    /** The keys of the environment, where it has any. */
    Optional<NodeKeys> given();

    @Override
    void close();
  }
}
