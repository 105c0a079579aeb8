package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import java.util.Optional;

/** A project without a description that uses no instance, unless said otherwise. */
public final class AProject {
  private final Project.Id id = new Project.Id(TestIds.next());
  private final User owner;
  private final Handle handle;
  private Description description = Description.NONE;
  private Optional<Instance.Id> instance = Optional.empty();
  private Visibility visibility = Visibility.MEMBERS;

  private Limits limits = Limits.NONE;

  private AProject(User owner, String handle) {
    this.owner = owner;
    this.handle = new Handle(handle);
  }

  public static AProject of(User owner, String handle) {
    return new AProject(owner, handle);
  }

  public AProject description(String text) {
    this.description = new Description(text);
    return this;
  }

  public AProject openToEverybody() {
    this.visibility = Visibility.EVERYBODY;
    return this;
  }

  public AProject limits(Limits most) {
    this.limits = most;
    return this;
  }

  public AProject using(Instance bound) {
    this.instance = Optional.of(bound.id());
    return this;
  }

  public Project build() {
    return new Project(
        id,
        owner.id(),
        new Project.Ref(owner.handle(), handle),
        FieldValues.defaults(Project.FIELDS)
            .with(CommonFields.DESCRIPTION, description)
            .with(Project.VISIBILITY, visibility),
        instance,
        limits,
        1,
        Seeds.SEEDED_AT,
        Seeds.SEEDED_AT);
  }
}
