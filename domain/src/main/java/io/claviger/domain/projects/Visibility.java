package io.claviger.domain.projects;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Share;
import java.util.Optional;

/** Who may use a project besides its owner. */
public enum Visibility implements WireNamed {
  MEMBERS,
  /**
   * Every user may call the service through the project, like a reader of the project. All users
   * who know the name of the project can see the project, but their lists of projects do not
   * contain it.
   */
  EVERYBODY;

  /**
   * @throws InvalidValue if the text is not one of the values; the exception lists the values
   */
  public static Visibility of(String text) {
    return WireNamed.of(values(), text, "visibility");
  }

  /**
   * Whether a project may be open to everybody. The project's owner has to own the service, or to
   * have a share that allows sharing the use with everybody. No other code decides this. The
   * database enforces the same rule as a second barrier.
   *
   * @param owner the project owner's relationship to the service
   * @param ownersShare the terms of the owner's own share, which is not a group's share; empty if
   *     the owner has no such share, or if it has expired
   */
  public static boolean mayBeOpen(Relationship owner, Optional<Share.Terms> ownersShare) {
    return owner.owningUser()
        || ownersShare.filter(terms -> terms.mayReshare() && terms.toEverybody()).isPresent();
  }
}
