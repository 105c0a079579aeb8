package io.claviger.examples;

import io.claviger.application.accounts.Users;
import io.claviger.application.instances.FindInstances;
import io.claviger.application.instances.ServiceFields;
import io.claviger.application.instances.WriteInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.bootstrap.Claviger;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
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
        WriteInstance.Command fields =
            ServiceFields.none()
                .from("_system/openai-large")
                .displayName("Lab account")
                .apiKey(key)
                .command();
        switch (claviger
            .instances()
            .writeInstance()
            .put(alice, service, Precondition.NONE, fields)) {
          case WriteInstance.Outcome.Written written -> {}
          case WriteInstance.Outcome.Refused refused ->
              throw new IllegalStateException(refused.why().code());
        }
      }

      Share.Terms reader = new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE);
      GivenShare unused =
          claviger
              .sharing()
              .share(alice, service, bob.handle(), Precondition.NONE, reader)
              .orThrow();

      FindInstances.Filter all =
          new FindInstances.Filter(
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      PageRequest<InstanceRef> first = new PageRequest<>(Optional.empty(), 50);
      return switch (claviger.instances().findInstances().usableBy(bob, bob.handle(), all, first)) {
        case FindInstances.ListOutcome.Listed listed ->
            listed.page().items().stream().map(view -> view.instance().ref().toString()).toList();
        case FindInstances.ListOutcome.Refused refused ->
            throw new IllegalStateException(refused.why().code());
      };
    }
    // end
  }
}
