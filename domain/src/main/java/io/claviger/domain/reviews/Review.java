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
 * grant decide whether it is kept or ends.
 *
 * @param starter the handle that the user who started the review had at that time
 * @param until the time from which on no decisions are possible
 * @param moved whether the service got another owner after the review was started
 * @param grants the number of grants in the review
 * @param decided the number of grants with a decision
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
  /** The time after the start of a review during which decisions can be made. */
  public static final Duration OPEN_FOR = Duration.ofDays(90);

  /** The time for which a review is kept after its start. */
  public static final Duration KEPT_FOR = Duration.ofDays(400);

  /**
   * The greatest number of open reviews of one service or group that one user can have started.
   * Reviews that other users have started are not counted. If they were counted, a co-owner could
   * prevent the owner's reviews, because nobody can close a review.
   */
  public static final int MOST_OF_SUBJECT = 10;

  /** The greatest number of open reviews that one user can have started. */
  public static final int MOST_OF_STARTER = 1_000;

  public static final int MOST_GRANTS = 10_000;

  public record Id(UUID value) {}

  public boolean isOpen(Instant now) {
    return now.isBefore(until);
  }

  /** The service or group that is reviewed. */
  public sealed interface Subject {
    UUID uuid();

    /** The name of the subject, such as {@code alice/my-openai} or {@code @research}. */
    String ref();

    /** The owner of the reviewed service or group. Events about the review belong to this owner. */
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
   * One grant in a review. An ended grant is shown as it was when it ended.
   *
   * @param grantee the grantee's name in the review: a user's handle; {@code @} and a group's
   *     handle; a project's owner and handle with a colon between them; or {@code *} for everybody
   * @param holder the id of the user, group or project; for everybody, the id of the service
   * @param role the role for the service or in the group. For a project, who uses the service
   *     through it: {@code members} or {@code everybody}
   * @param givenBy who gave the grant; for a project, its owner; empty if unknown
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

    /** Whether a grant can have the given name. */
    public static boolean isName(String text) {
      return NAME.matcher(text).matches();
    }
  }

  /** A decision about a grant. */
  public record Decided(Decision decision, Handle decidedBy, Instant at) {}

  public enum Kind implements WireNamed {
    /** A user with a share of the service, or a member of the group. */
    USER,
    GROUP,
    /** A project through which others use the service. */
    PROJECT,
    /** The use of a system-level service by everybody. */
    EVERYBODY
  }

  /** What has happened to the grant since the review began. */
  public enum State implements WireNamed {
    UNCHANGED,
    /** The grant has other terms now, or was ended and given again. */
    CHANGED,
    /** The grant was ended or has expired. */
    ENDED
  }

  public enum Decision implements WireNamed {
    KEEP,
    END;

    /** Finds the decision with the given name, or throws {@link InvalidValue}. */
    public static Decision of(String wireName) {
      return WireNamed.of(values(), wireName, "decision");
    }
  }
}
