package io.claviger.application.projects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Share;

/**
 * The feature with users: Alice, who has a service, Bob, who has projects, Carol, and an
 * administrator.
 */
final class ProjectFixture {
  static final Field<Instance.Ref> NO_SERVICE = Field.ofNull();

  final Wiring w = new Wiring();
  final User root = w.administrator("root");
  final User alice = w.user("alice");
  final User bob = w.user("bob");
  final User carol = w.user("carol");
  final Instance alices = w.stored(AnInstance.of(alice, "s").build());
  final Instance bobs = w.stored(AnInstance.of(bob, "own").build());
  final Instance systems = w.stored(AnInstance.systemLevel("x").build());

  /** Stores a project of Bob's that uses a service, whether he may or not. */
  Project bobsProject(String handle, Instance service) {
    return w.stored(AProject.of(bob, handle).using(service).build());
  }

  Share share(AShare share) {
    return w.stored(alices, share.givenBy(alice).build());
  }

  void end(User grantee) {
    assertThat(w.claviger.shares().delete(alices.id(), grantee.id())).isTrue();
  }

  Outcome<WrittenProject> put(User actor, String ref, ProjectCommand command) {
    return put(w.as(actor), ref, Precondition.NONE, command);
  }

  Outcome<WrittenProject> put(
      Actor actor, String ref, Precondition condition, ProjectCommand command) {
    return w.projects.put(actor, Project.Ref.of(ref), condition, command);
  }

  Outcome<WrittenProject> patch(User actor, String ref, ProjectCommand command) {
    return w.projects.patch(w.as(actor), Project.Ref.of(ref), Precondition.NONE, command);
  }

  ProjectView find(User actor, Project project) {
    Outcome<ProjectView> outcome = w.projects.find(w.as(actor), project.ref());
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }

  static ProjectCommand described(String text) {
    return new ProjectCommand(
        FieldWrites.NONE.with(CommonFields.DESCRIPTION, Field.of(new Description(text))),
        Field.absent(),
        false);
  }

  static ProjectCommand using(Instance service) {
    return using(Field.of(service.ref()));
  }

  static ProjectCommand using(Field<Instance.Ref> service) {
    return new ProjectCommand(FieldWrites.NONE, service, false);
  }

  static ProjectCommand usingWhateverItsDimensions(Instance service) {
    return new ProjectCommand(FieldWrites.NONE, Field.of(service.ref()), true);
  }

  /** A write of a project as it was read, with another description. */
  static ProjectCommand back(ProjectView read, String description) {
    return new ProjectCommand(
        FieldWrites.NONE.with(CommonFields.DESCRIPTION, Field.of(new Description(description))),
        read.service().map(Field::of).orElse(NO_SERVICE),
        false);
  }

  static ProjectView written(Outcome<WrittenProject> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().view();
  }
}
