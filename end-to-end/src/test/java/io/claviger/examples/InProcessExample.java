package io.claviger.examples;

import io.claviger.application.accounts.Users;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.InstanceFilter;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.inprocess.Claviger;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** A program that uses Claviger without HTTP. */
final class InProcessExample {
  private InProcessExample() {}

  /** Registers a service for alice, lends it to bob, and says what bob may use. */
  static List<String> lend(DataSource pool, String encryptionKey, byte[] providerKey) {
    // begin
    try (Claviger claviger = Claviger.on(pool, encryptionKey)) {
      for (String handle : List.of("alice", "bob")) {
        Users.NewUser user =
            new Users.NewUser(new Handle(handle), Optional.empty(), Optional.empty(), false);
        Users.CreatedUser created = claviger.users().create(claviger.root(), user).orThrow();
      }
      Actor alice = claviger.as("alice");
      Actor bob = claviger.as("bob");
      InstanceRef service = InstanceRef.of("alice/my-openai");

      try (Secret key = Secret.apiKey(providerKey)) {
        InstanceWrite write =
            InstanceFields.none()
                .from("_system/openai-large")
                .displayName("Lab account")
                .apiKey(key)
                .write();
        WrittenInstance unused =
            claviger.instances().put(alice, service, Precondition.NONE, write).orThrow();
      }

      Share.Terms reader = new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE);
      GivenShare unused =
          claviger
              .sharing()
              .share(alice, service, bob.handle(), Precondition.NONE, reader)
              .orThrow();

      PageRequest<InstanceRef> first = new PageRequest<>(Optional.empty(), 50);
      return claviger
          .instances()
          .list(bob, bob.handle(), InstanceFilter.NONE, first)
          .orThrow()
          .items()
          .stream()
          .map(view -> view.instance().ref().toString())
          .toList();
    }
    // end
  }
}
