package io.claviger.domain.reviews;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * All grants that a service or a group had at a time, so that somebody decides about each.
 *
 * @param starter who started it, by the handle at that time
 * @param until decisions are made before this time
 * @param moved whether the service has got another owner since
 * @param grants how many grants there were
 * @param decided about how many of them somebody has decided
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
  /** How long decisions can be made. */
  public static final Duration OPEN_FOR = Duration.ofDays(90);

  /** How long a review is kept after its start. */
  public static final Duration KEPT_FOR = Duration.ofDays(400);

  /** The most reviews of one service or group that are open at a time. */
  public static final int MOST_OF_SUBJECT = 10;

  /** The most reviews that one user started and that are open at a time. */
  public static final int MOST_OF_STARTER = 1_000;

  public static final int MOST_GRANTS = 10_000;

  public record Id(UUID value) {}

  public boolean isOpen(Instant now) {
    return now.isBefore(until);
  }

  /** What is reviewed. */
  public sealed interface Subject {
    UUID uuid();

    /** How it is written: {@code alice/my-openai} or {@code @research}. */
    String ref();

    /** To whom events about it belong. */
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
   * One grant of a review, as it is now, or as it was if it has ended.
   *
   * @param grantee what names it in the review: a handle, {@code @} and the handle of a group, the
   *     owner and the handle of a project with a colon between them, or {@code *} for everybody
   * @param holder the id of the user, group or project, or of the service for everybody
   * @param role the role on the service or in the group; of a project, who uses the service through
   *     it: {@code members} or {@code everybody}
   * @param givenBy who gave it; of a project, its owner; empty if nobody knows
   * @param lastUse the last day (UTC) with a call; empty if none is known
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

    /** Whether some line can have this name. */
    public static boolean isName(String text) {
      return NAME.matcher(text).matches();
    }
  }

  /** What somebody decided about a grant. */
  public record Decided(Decision decision, Handle by, Instant at) {}

  public enum Kind {
    /** A user with a share of the service, or a member of the group. */
    USER,
    GROUP,
    /** A project that passes the use of the service on. */
    PROJECT,
    /** Everybody uses a service of the system. */
    EVERYBODY;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What has become of a grant since the review began. */
  public enum State {
    UNCHANGED,
    /** It has other terms, or was ended and given again. */
    CHANGED,
    /** It was ended, or has expired. */
    ENDED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public enum Decision {
    KEEP,
    END;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Finds the decision with this name, or throws {@link InvalidValue}. */
    public static Decision of(String wireName) {
      return switch (wireName) {
        case "keep" -> KEEP;
        case "end" -> END;
        default -> throw new InvalidValue("decision", "keep or end");
      };
    }
  }
}
