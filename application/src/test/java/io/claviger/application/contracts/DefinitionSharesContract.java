package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionId;
import org.junit.jupiter.api.Test;

/** What the shares of definitions promise. */
public abstract class DefinitionSharesContract extends ShareStoreContract<DefinitionId> {
  @Override
  ShareStore<DefinitionId> shares() {
    return ports.definitionShares();
  }

  @Override
  DefinitionId newThing(User owner, String handle) {
    return stored(ADefinition.of(owner, handle).build()).id();
  }

  @Override
  DefinitionId nothing() {
    return ADefinition.of(alice, "gone").build().id();
  }

  @Override
  void deleteThing(DefinitionId id) {
    ports.definitions().delete(id);
  }

  @Test
  void nothing_of_system_is_shared() {
    DefinitionId systems = Seeds.DEFINITIONS.get(0).id();

    assertThatException()
        .isThrownBy(() -> shares().insert(systems, AShare.with(bob).build(), alice.id()));
  }
}
