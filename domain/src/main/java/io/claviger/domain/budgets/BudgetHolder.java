package io.claviger.domain.budgets;

import io.claviger.domain.WireNamed;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The users or tokens whose use is charged to a budget's account. The text of a holder names the
 * holder's account on every node. This text never changes, because accounts outlive changes of
 * budgets.
 *
 * @param service the service; present only for {@link Kind#SERVICE_CALLER}, {@link
 *     Kind#SERVICE_GROUP} and {@link Kind#SERVICE}
 * @param group the group; present only for the four kinds of holders with a group
 * @param project the project; present only for {@link Kind#PROJECT_CALLER}
 * @param token the token; present only for {@link Kind#TOKEN}
 * @param user the user; present if the account counts the use of a single user
 */
public record BudgetHolder(
    Kind kind,
    Optional<UUID> service,
    Optional<UUID> group,
    Optional<UUID> project,
    Optional<UUID> token,
    Optional<UUID> user) {

  public enum Kind implements WireNamed {
    SERVICE_CALLER,
    /** All members of a group together, for calls of a service that is shared with the group. */
    SERVICE_GROUP,
    /** All callers of a service together. */
    SERVICE,
    /** An access token, together with the tokens that were created with it. */
    TOKEN,
    /** A user, for calls of any service. */
    USER,
    /** One member of a group, for calls of any service. */
    GROUP_MEMBER,
    /**
     * One member of a group, for calls of the member's own services, which take nothing from what
     * the group shares. Nothing is charged to this account when the member borrows.
     */
    GROUP_OWNER,
    /** All members of a group together, for calls of any service. */
    GROUP,
    /** One user's calls through a project, of any service that the project uses. */
    PROJECT_CALLER
  }

  private static final String ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
  private static final String OF_SERVICE = "service:";
  private static final Pattern SERVICE_CALLER = Pattern.compile(OF_SERVICE + ID + ":" + ID);
  private static final Pattern SERVICE_GROUP = Pattern.compile(OF_SERVICE + ID + ":group:" + ID);
  private static final Pattern SERVICE = Pattern.compile(OF_SERVICE + ID);
  private static final Pattern TOKEN = Pattern.compile("token:" + ID);
  private static final Pattern USER = Pattern.compile("user:" + ID);
  private static final Pattern GROUP_MEMBER = Pattern.compile("group:" + ID + ":" + ID);
  private static final String OWN = ":own";
  private static final Pattern GROUP_OWNER = Pattern.compile("group:" + ID + ":" + ID + OWN);
  private static final Pattern GROUP = Pattern.compile("group:" + ID);
  private static final Pattern PROJECT_CALLER = Pattern.compile("project:" + ID + ":" + ID);

  public static BudgetHolder callerOf(UUID service, UUID user) {
    return new BudgetHolder(
        Kind.SERVICE_CALLER,
        Optional.of(service),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(user));
  }

  public static BudgetHolder groupOn(UUID service, UUID group) {
    return new BudgetHolder(
        Kind.SERVICE_GROUP,
        Optional.of(service),
        Optional.of(group),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static BudgetHolder service(UUID service) {
    return new BudgetHolder(
        Kind.SERVICE,
        Optional.of(service),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static BudgetHolder token(UUID token) {
    return new BudgetHolder(
        Kind.TOKEN,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(token),
        Optional.empty());
  }

  public static BudgetHolder user(UUID user) {
    return new BudgetHolder(
        Kind.USER,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(user));
  }

  public static BudgetHolder memberOf(UUID group, UUID user) {
    return new BudgetHolder(
        Kind.GROUP_MEMBER,
        Optional.empty(),
        Optional.of(group),
        Optional.empty(),
        Optional.empty(),
        Optional.of(user));
  }

  public static BudgetHolder ownerIn(UUID group, UUID user) {
    return new BudgetHolder(
        Kind.GROUP_OWNER,
        Optional.empty(),
        Optional.of(group),
        Optional.empty(),
        Optional.empty(),
        Optional.of(user));
  }

  public static BudgetHolder group(UUID group) {
    return new BudgetHolder(
        Kind.GROUP,
        Optional.empty(),
        Optional.of(group),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static BudgetHolder callerThrough(UUID project, UUID user) {
    return new BudgetHolder(
        Kind.PROJECT_CALLER,
        Optional.empty(),
        Optional.empty(),
        Optional.of(project),
        Optional.empty(),
        Optional.of(user));
  }

  /**
   * Parses a text that {@link #account} returned.
   *
   * @throws IllegalArgumentException when Claviger can't have written the text
   */
  public static BudgetHolder of(String account) {
    Matcher found = SERVICE_CALLER.matcher(account);
    if (found.matches()) {
      return callerOf(id(found, 1), id(found, 2));
    }
    if (found.usePattern(SERVICE_GROUP).matches()) {
      return groupOn(id(found, 1), id(found, 2));
    }
    if (found.usePattern(SERVICE).matches()) {
      return service(id(found, 1));
    }
    if (found.usePattern(TOKEN).matches()) {
      return token(id(found, 1));
    }
    if (found.usePattern(USER).matches()) {
      return user(id(found, 1));
    }
    if (found.usePattern(GROUP_MEMBER).matches()) {
      return memberOf(id(found, 1), id(found, 2));
    }
    if (found.usePattern(GROUP_OWNER).matches()) {
      return ownerIn(id(found, 1), id(found, 2));
    }
    if (found.usePattern(GROUP).matches()) {
      return group(id(found, 1));
    }
    if (found.usePattern(PROJECT_CALLER).matches()) {
      return callerThrough(id(found, 1), id(found, 2));
    }
    throw new IllegalArgumentException("not an account of a budget");
  }

  /**
   * If this holder is a whole group, returns the holder for the calls that one member of the group
   * makes to the member's own services; otherwise returns this holder.
   */
  public BudgetHolder apartFor(UUID member) {
    return kind == Kind.GROUP ? ownerIn(group.orElseThrow(), member) : this;
  }

  /**
   * Whether a text names the account that all members of a group share. A new account of this kind
   * begins with the sum of what all members have been charged before.
   */
  public static boolean isGroup(String account) {
    return GROUP.matcher(account).matches();
  }

  /**
   * Whether a text names the account of a service or of a share of the service, and not of a user,
   * group, project or token. The account of a service or share is charged the cost for the
   * service's owner; all other accounts are charged the cost for the caller.
   */
  public static boolean isOfService(String account) {
    return account.startsWith(OF_SERVICE);
  }

  /** Returns the text that names the account. */
  public String account() {
    return switch (kind) {
      case SERVICE_CALLER -> OF_SERVICE + service.orElseThrow() + ":" + user.orElseThrow();
      case SERVICE_GROUP -> OF_SERVICE + service.orElseThrow() + ":group:" + group.orElseThrow();
      case SERVICE -> OF_SERVICE + service.orElseThrow();
      case TOKEN -> "token:" + token.orElseThrow();
      case USER -> "user:" + user.orElseThrow();
      case GROUP_MEMBER -> "group:" + group.orElseThrow() + ":" + user.orElseThrow();
      case GROUP_OWNER -> "group:" + group.orElseThrow() + ":" + user.orElseThrow() + OWN;
      case GROUP -> "group:" + group.orElseThrow();
      case PROJECT_CALLER -> "project:" + project.orElseThrow() + ":" + user.orElseThrow();
    };
  }

  private static UUID id(Matcher found, int part) {
    return UUID.fromString(found.group(part));
  }
}
