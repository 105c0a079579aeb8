package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import org.junit.jupiter.api.Test;

/** What the shares of definitions promise. */
public abstract class DefinitionSharesContract extends ShareStoreContract<Definition.Id> {
  @Override
  ShareStore<Definition.Id> shares() {
    return ports.definitionShares();
  }

  @Override
  Definition.Id newThing(User owner, String handle) {
    return stored(ADefinition.of(owner, handle).build()).id();
  }

  @Override
  Definition.Id nothing() {
    return ADefinition.of(alice, "gone").build().id();
  }

  @Override
  void deleteThing(Definition.Id id) {
    ports.definitions().delete(id);
  }

  @Test
  void nothing_of_system_is_shared() {
    Definition.Id systems = Seeds.DEFINITIONS.get(0).id();

    assertThatException()
        .isThrownBy(() -> shares().insert(systems, AShare.with(bob).build(), alice.id()));
  }
}
