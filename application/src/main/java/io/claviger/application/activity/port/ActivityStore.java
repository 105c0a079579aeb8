package io.claviger.application.activity.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.ActivitySight;
import io.claviger.domain.usage.UsageAccount;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores which calls run on each node, while somebody is watching. A report of a node is valid for
 * five seconds. All methods throw {@link io.claviger.application.shared.StoreUnavailable} when the
 * database does not answer.
 */
public interface ActivityStore {
  /** Whether somebody has looked at the activity within the last ten seconds. */
  boolean isWatched();

  /**
   * Replaces the previous report of a node. Accounts of services, users or projects that have been
   * deleted are left out.
   */
  void report(UUID node, List<AccountActivity> accounts);

  /**
   * Returns the activity of all nodes, and makes all nodes report from now on. The accounts with
   * the most running calls come first, then accounts with the most ended calls.
   *
   * @param limit the greatest number of accounts that are returned
   */
  Seen look(Question of, int limit);

  /** Removes reports that are more than a minute old. Returns the number of removed rows. */
  int removeOld();

  /**
   * The calls that are wanted.
   *
   * @param viewer the user who looks; if this user may not know the name of a service, the name of
   *     the project is shown instead
   * @param only the service or project whose calls are wanted; empty for all calls
   */
  record Question(User.Id viewer, ActivitySight sight, Optional<UUID> only) {}

  /**
   * The use of some calls.
   *
   * @param calls the number of calls that reached a provider
   * @param refused the number of calls that were refused
   * @param cost in nano-dollars; empty if none of the calls had a price
   */
  record Used(long calls, long refused, long inputTokens, long outputTokens, Optional<Long> cost) {}

  /**
   * The calls of one account on one node.
   *
   * @param running how many of the account's calls run now
   * @param minute the use of the account's calls that ended within the last minute
   */
  record AccountActivity(UsageAccount account, int running, Used minute) {}

  /**
   * The calls of one account on all nodes, as people see them.
   *
   * @param service the name of the service, or of the project if the viewer must not learn the
   *     service
   */
  record Line(String service, Optional<String> project, Handle user, long running, Used minute) {}

  /**
   * What somebody sees.
   *
   * @param complete whether all nodes have had the time to report; if false, look again two seconds
   *     later
   * @param accounts how many accounts there are; there may be fewer lines
   */
  record Seen(boolean complete, long accounts, List<Line> lines) {
    public Seen {
      lines = List.copyOf(lines);
    }
  }
}
