package io.claviger.domain.reviews;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An access review: all grants that a service or a group had at one time. People who may end a
 * grant decide whether the grant is kept or ends.
 *
 * @param starter who started the review, by the handle that they had at that time
 * @param until the time until which decisions can be made
 * @param moved whether the service has been given to another owner since the review was started
 * @param grants the number of grants in the review
 * @param decided the number of grants about which somebody has decided
 */
public record Review(
    Id id,
    Subject subject,
    User.Id starterId,
    Handle starter,
    Instant startedAt,
    Instant until,
    boolean moved,
    int grants,
    int decided) {
  /** For how long after the start of a review decisions can be made. */
  public static final Duration OPEN_FOR = Duration.ofDays(90);

  /** How long a review is kept after its start. */
  public static final Duration KEPT_FOR = Duration.ofDays(400);

  /** The greatest number of open reviews of one service or group. */
  public static final int MOST_OF_SUBJECT = 10;

  /** The greatest number of open reviews that one user started. */
  public static final int MOST_OF_STARTER = 1_000;

  public static final int MOST_GRANTS = 10_000;

  public record Id(UUID value) {}

  public boolean isOpen(Instant now) {
    return now.isBefore(until);
  }

  /** The service or group that is reviewed. */
  public sealed interface Subject {
    UUID uuid();

    /** The written form, such as {@code alice/my-openai} or {@code @research}. */
    String ref();

    /** The owner to whom events about the review belong. */
    User.Id owner();

    record OfService(Instance.Id id, Instance.Ref service, User.Id owner) implements Subject {
      @Override
      public UUID uuid() {
        return id.value();
      }

      @Override
      public String ref() {
        return service.toString();
      }
    }

    record OfGroup(Group.Id id, Handle group) implements Subject {
      @Override
      public UUID uuid() {
        return id.value();
      }

      @Override
      public String ref() {
        return "@" + group;
      }

      @Override
      public User.Id owner() {
        return User.Id.SYSTEM;
      }
    }
  }

  /**
   * One grant of a review, as it is now; or, if the grant has ended, as it was when it ended.
   *
   * @param grantee the name of the grantee in the review: a user's handle, {@code @} and a group's
   *     handle, a project's owner and handle with a colon between them, or {@code *} for everybody
   * @param holder the id of the user, group or project; for everybody, the id of the service
   * @param role the role for the service or in the group. For a project, this says who uses the
   *     service through the project: {@code members} or {@code everybody}
   * @param givenBy who gave the grant; for a project, the project's owner; empty if it is not known
   *     who gave the grant
   * @param lastUse the last day (UTC) with a call; empty if no call is known
   */
  public record Line(
      String grantee,
      Kind kind,
      UUID holder,
      String role,
      Optional<String> givenBy,
      Instant since,
      Optional<Instant> expiresAt,
      State state,
      Optional<LocalDate> lastUse,
      Optional<Decided> decided) {
    private static final Pattern NAME =
        Pattern.compile("\\*|@?[a-z0-9._-]{1,64}|[a-z0-9._-]{1,64}:[a-z0-9._-]{1,64}");

    public Optional<Decision> decision() {
      return decided.map(Decided::decision);
    }

    /** Whether a grant can have this name. */
    public static boolean isName(String text) {
      return NAME.matcher(text).matches();
    }
  }

  /** A decision about a grant. */
  public record Decided(Decision decision, Handle by, Instant at) {}

  public enum Kind implements WireNamed {
    /** A user with a share of the service, or a member of the group. */
    USER,
    GROUP,
    /** A project through which others use the service. */
    PROJECT,
    /** The use of a system-level service by everybody. */
    EVERYBODY
  }

  /** The change of a grant since the review began. */
  public enum State implements WireNamed {
    UNCHANGED,
    /** The grant has other terms than before, or was ended and given again. */
    CHANGED,
    /** The grant was ended or has expired. */
    ENDED
  }

  public enum Decision implements WireNamed {
    KEEP,
    END;

    /** Finds the decision with this name, or throws {@link InvalidValue}. */
    public static Decision of(String wireName) {
      return WireNamed.of(values(), wireName, "decision");
    }
  }
}
