package io.claviger.domain.projects;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Share;
import java.util.Locale;
import java.util.Optional;

/** For whom a project is, besides its owner. */
public enum Visibility {
  MEMBERS,
  /**
   * Every user calls the service through the project, as if they were readers in it. Whoever knows
   * its name sees the project, but it is in nobody's list because of that.
   */
  EVERYBODY;

  /**
   * @throws InvalidValue naming the allowed values
   */
  public static Visibility of(String text) {
    return switch (text) {
      case "members" -> MEMBERS;
      case "everybody" -> EVERYBODY;
      default -> throw new InvalidValue("visibility", "members or everybody");
    };
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a project may be open to everybody. Its owner has to own the service, or to hold a
   * share that says so. No other code decides this; the database refuses what this refuses.
   *
   * @param owner the relationship of the project's owner to the service
   * @param ownersShare the terms of the share that the owner holds in person, unless it has expired
   */
  public static boolean mayBeOpen(Relationship owner, Optional<Share.Terms> ownersShare) {
    return owner.owningUser()
        || ownersShare.filter(terms -> terms.mayReshare() && terms.toEverybody()).isPresent();
  }
}
