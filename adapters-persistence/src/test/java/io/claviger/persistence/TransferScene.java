package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Share;
import java.util.Optional;

/** Users of an otherwise empty database, and Alice's services to transfer. */
final class TransferScene {
  private final PostgresPorts ports;
  final User root;
  final User alice;
  final User bob;
  final User carol;
  final User dave;

  TransferScene(PostgresPorts ports) {
    this.ports = ports;
    assertThat(ports.emptied().users().isEmpty()).isTrue();
    root = stored(AUser.called("root").administrator().build());
    alice = stored(AUser.called("alice").build());
    bob = stored(AUser.called("bob").build());
    carol = stored(AUser.called("carol").build());
    dave = stored(AUser.called("dave").build());
  }

  User stored(User user) {
    ports.users().insert(user);
    return user;
  }

  Instance service(String handle) {
    Instance instance = AnInstance.of(alice, handle).build();
    ports.instances().insert(instance, new SecretChange.Keep(), new SecretChange.Keep());
    return instance;
  }

  Project project(User owner, String handle, Instance bound) {
    Project project = AProject.of(owner, handle).using(bound).build();
    ports.projects().insert(project);
    return project;
  }

  void share(Instance instance, AShare share, User giver) {
    ports.shares().insert(instance.id(), share.givenBy(giver).build(), giver.id());
  }

  Optional<Share> share(Instance instance, User grantee) {
    return ports.shares().find(instance.id(), grantee.id());
  }
}
