package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

/** What the shares of projects promise. */
public abstract class ProjectSharesContract extends ShareStoreContract<Project.Id> {
  @Override
  ShareStore<Project.Id> shares() {
    return ports.projectShares();
  }

  @Override
  Project.Id newThing(User owner, String handle) {
    return stored(AProject.of(owner, handle).build()).id();
  }

  @Override
  Project.Id nothing() {
    return AProject.of(alice, "gone").build().id();
  }

  @Override
  void deleteThing(Project.Id id) {
    ports.projects().delete(id);
  }

  @Test
  void a_member_is_reader_or_writer() {
    given(AShare.with(bob).role(Role.WRITER).givenBy(alice));
    Share reader = AShare.with(bob).role(Role.READER).version(2).givenBy(alice).build();
    shares().update(shared, reader, alice.id());

    assertThat(shares().find(shared, bob.id())).contains(reader);
    assertThatException()
        .isThrownBy(
            () -> shares().update(shared, AShare.with(bob).role(Role.OWNER).build(), alice.id()));
  }
}
