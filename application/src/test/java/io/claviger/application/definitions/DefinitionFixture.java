package io.claviger.application.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.definitions.Definitions.WrittenDefinition;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;

/**
 * The feature with users: Alice, who has a private and a public definition, Bob, and an
 * administrator.
 */
final class DefinitionFixture {
  final Wiring w = new Wiring();
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final Definition secret = ADefinition.of(alice, "secret").build();
  final Definition open = ADefinition.of(alice, "open").isPublic().build();

  DefinitionFixture() {
    w.claviger.definitions().insert(secret);
    w.claviger.definitions().insert(open);
  }

  Outcome<WrittenDefinition> put(User actor, String ref, DefinitionWriteBuilder write) {
    return w.definitions.put(
        w.as(actor), Definition.Ref.of(ref), Precondition.NONE, write.command());
  }

  Outcome<WrittenDefinition> patch(User actor, String ref, DefinitionWriteBuilder write) {
    return w.definitions.patch(
        w.as(actor), Definition.Ref.of(ref), Precondition.NONE, write.command());
  }

  static Definition written(Outcome<WrittenDefinition> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().definition();
  }
}
