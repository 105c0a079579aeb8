package io.claviger.examples;

import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.inprocess.Claviger;
import io.claviger.persistence.SchemaName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A program that lends a service of alice to bob, without HTTP. */
public final class InProcessExample {
  private InProcessExample() {}

  public static void main(String[] arguments) {
    PGSimpleDataSource database = new PGSimpleDataSource(); // or a pool, such as HikariCP's
    database.setUrl(System.getenv("DATABASE_URL"));
    byte[] providerKey = System.getenv("OPENAI_API_KEY").getBytes(StandardCharsets.US_ASCII);
    System.out.println(lend(database, System.getenv("ENCRYPTION_KEY"), providerKey));
  }

  /** Returns the services that bob can use then. */
  static List<String> lend(DataSource pool, String encryptionKey, byte[] providerKey) {
    SchemaName schema = new SchemaName("claviger");
    try (Claviger claviger = Claviger.on(pool, schema, encryptionKey)) {
      for (String handle : List.of("alice", "bob")) {
        claviger.users().create(claviger.root(), NewUser.of(handle)).orThrow();
      }
      Actor alice = claviger.as("alice");
      Actor bob = claviger.as("bob");
      Instance.Ref service = Instance.Ref.of("alice/my-openai");

      try (Secret key = Secret.apiKey(providerKey)) {
        InstanceWrite write =
            InstanceFields.none()
                .from("_system/openai-large")
                .displayName("Lab account")
                .apiKey(key)
                .write();
        claviger.instances().put(alice, service, Precondition.NONE, write).orThrow();
      }

      GranteeName borrower = GranteeName.user(bob.handle());
      claviger
          .sharing()
          .share(alice, service, borrower, Precondition.NONE, Share.Terms.reader())
          .orThrow();

      return claviger
          .instances()
          .list(bob, bob.handle(), InstanceFilter.NONE, PageRequest.first())
          .orThrow()
          .items()
          .stream()
          .map(view -> view.instance().ref().toString())
          .toList();
    }
  }
}
