package io.claviger.application.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.testkit.build.ADefinition;

/** Alice with a private and a public definition, Bob, and an administrator. */
final class DefinitionPeople {
  final Wiring w = new Wiring();
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final Definition secret = ADefinition.of(alice, "secret").build();
  final Definition open = ADefinition.of(alice, "open").isPublic().build();

  DefinitionPeople() {
    w.claviger.definitions().insert(secret);
    w.claviger.definitions().insert(open);
  }

  WriteDefinition.Outcome put(User by, String ref, ADefinitionWrite write) {
    return w.definitions
        .writeDefinition()
        .put(w.as(by), DefinitionRef.of(ref), Precondition.NONE, write.command());
  }

  WriteDefinition.Outcome patch(User by, String ref, ADefinitionWrite write) {
    return w.definitions
        .writeDefinition()
        .patch(w.as(by), DefinitionRef.of(ref), Precondition.NONE, write.command());
  }

  static Definition written(WriteDefinition.Outcome outcome) {
    assertThat(outcome).isInstanceOf(WriteDefinition.Outcome.Written.class);
    return ((WriteDefinition.Outcome.Written) outcome).definition();
  }
}
