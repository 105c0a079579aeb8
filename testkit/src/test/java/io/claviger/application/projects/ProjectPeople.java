package io.claviger.application.projects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Share;
import io.claviger.testkit.build.AProject;
import io.claviger.testkit.build.AShare;
import io.claviger.testkit.build.AnInstance;

/** Alice's service, Bob's projects, Carol to be a member, and an administrator. */
final class ProjectPeople {
  static final Field<InstanceRef> NO_SERVICE = Field.ofNull();

  final Wiring w = new Wiring();
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final User carol = w.user("carol");
  final Instance alices = w.stored(AnInstance.of(alice, "s").build());
  final Instance bobs = w.stored(AnInstance.of(bob, "own").build());
  final Instance systems = w.stored(AnInstance.systemLevel("x").build());

  /** A project of Bob's that uses a service, whether he may or not. */
  Project bobsProject(String handle, Instance service) {
    return w.stored(AProject.of(bob, handle).using(service).build());
  }

  Share share(AShare share) {
    return w.stored(alices, share.givenBy(alice).build());
  }

  void end(User grantee) {
    assertThat(w.claviger.shares().delete(alices.id(), grantee.id())).isTrue();
  }

  WriteProject.Outcome put(User by, String ref, WriteProject.Command command) {
    return put(w.as(by), ref, Precondition.NONE, command);
  }

  WriteProject.Outcome put(
      Actor by, String ref, Precondition condition, WriteProject.Command command) {
    return w.projects.writeProject().put(by, ProjectRef.of(ref), condition, command);
  }

  WriteProject.Outcome patch(User by, String ref, WriteProject.Command command) {
    return w.projects
        .writeProject()
        .patch(w.as(by), ProjectRef.of(ref), Precondition.NONE, command);
  }

  ProjectView find(User by, Project project) {
    FindProjects.Outcome outcome = w.projects.findProjects().find(w.as(by), project.ref());
    assertThat(outcome).isInstanceOf(FindProjects.Outcome.Found.class);
    return ((FindProjects.Outcome.Found) outcome).view();
  }

  static WriteProject.Command described(String text) {
    return new WriteProject.Command(Field.of(new Description(text)), Field.absent(), false);
  }

  static WriteProject.Command using(Instance service) {
    return using(Field.of(service.ref()));
  }

  static WriteProject.Command using(Field<InstanceRef> service) {
    return new WriteProject.Command(Field.absent(), service, false);
  }

  static WriteProject.Command usingWhateverItsDimensions(Instance service) {
    return new WriteProject.Command(Field.absent(), Field.of(service.ref()), true);
  }

  /** What one reads of a project, with another description. */
  static WriteProject.Command back(ProjectView read, String description) {
    return new WriteProject.Command(
        Field.of(new Description(description)),
        read.service().map(Field::of).orElse(NO_SERVICE),
        false);
  }

  static ProjectView written(WriteProject.Outcome outcome) {
    assertThat(outcome).isInstanceOf(WriteProject.Outcome.Written.class);
    return ((WriteProject.Outcome.Written) outcome).view();
  }
}
