package io.claviger.inprocess;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.persistence.SchemaName;
import org.postgresql.ds.PGSimpleDataSource;

/** A program that uses Claviger and prints nothing itself. */
final class QuietProgram {
  private QuietProgram() {}

  /**
   * @param arguments the URL of a database, and the base URL of a provider
   */
  public static void main(String[] arguments) {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(arguments[0]);
    try (Claviger claviger =
        Claviger.on(database, new SchemaName("claviger"), "an-encryption-key-of-a-quiet-program")) {
      Actor root = claviger.root();
      Instance.Ref service = Instance.Ref.of("_system/quiet");
      try (Secret key = Secret.apiKey("sk-of-a-quiet-program".getBytes(US_ASCII))) {
        InstanceWrite write =
            InstanceFields.none()
                .from("_system/openai-small")
                .endpoint(arguments[1])
                .apiKey(key)
                .write();
        Object unused = claviger.instances().put(root, service, Precondition.NONE, write).orThrow();
      }
      if (!(claviger.connectionChecks().check(root, service)
              instanceof ConnectionChecks.CheckOutcome.Checked checked)
          || checked.check().status() != ConnectionStatus.OK) {
        throw new IllegalStateException("the connection is not in order");
      }
    }
  }
}
