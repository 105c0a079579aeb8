package io.claviger.domain.projects;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Share;
import java.util.Optional;

/** Says who may use a project besides its owner. */
public enum Visibility implements WireNamed {
  MEMBERS,
  /**
   * Every user may call the service through the project, like a reader of the project. Everybody
   * who knows the project's name can see it, but the project does not appear in their lists.
   */
  EVERYBODY;

  /**
   * @throws InvalidValue if the text is none of the values; the exception's message lists the
   *     values
   */
  public static Visibility of(String text) {
    return WireNamed.of(values(), text, "visibility");
  }

  /**
   * Whether a project may be open to everybody. The project's owner has to own the service, or hold
   * a share that permits sharing the use with everybody. No other code decides this; in addition,
   * the database refuses the same cases.
   *
   * @param owner the relationship of the project's owner to the service
   * @param ownersShare the terms of the share that was given to the owner in person; empty if the
   *     owner has no share or the share has expired
   */
  public static boolean mayBeOpen(Relationship owner, Optional<Share.Terms> ownersShare) {
    return owner.owningUser()
        || ownersShare.filter(terms -> terms.mayReshare() && terms.toEverybody()).isPresent();
  }
}
