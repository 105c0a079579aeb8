package io.claviger.application.activity.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.ActivitySight;
import io.claviger.domain.usage.UsageAccount;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * While somebody is watching, stores which calls run on each node. A node's report is valid for
 * five seconds. All methods throw {@link io.claviger.application.shared.StoreUnavailable} when the
 * database does not answer.
 */
public interface ActivityStore {
  /** Whether somebody has looked at the activity within the last ten seconds. */
  boolean isWatched();

  /**
   * Replaces the previous report of a node. Accounts of deleted services, users or projects are
   * left out.
   */
  void report(UUID node, List<AccountActivity> accounts);

  /**
   * Returns the activity of all nodes, and makes all nodes report their running calls for a while.
   * Accounts with the most running calls come first, followed by accounts with the most ended
   * calls.
   *
   * @param limit the maximum number of returned accounts
   */
  Seen look(Question of, int limit);

  /** Removes reports that are more than a minute old. Returns the number of removed rows. */
  int removeOld();

  /**
   * Selects the calls that are shown to a viewer.
   *
   * @param viewer the user who looks. If the viewer must not know the name of a service, the name
   *     of the project is shown instead
   * @param only the id of the service or project whose calls are shown; if empty, the calls to all
   *     services and projects are shown
   */
  record Question(User.Id viewer, ActivitySight sight, Optional<UUID> only) {}

  /**
   * The total usage of several calls.
   *
   * @param calls the number of calls that reached a provider
   * @param refused the number of calls that were refused
   * @param cost the cost in nano-dollars; empty if no call had a price
   */
  record Used(long calls, long refused, long inputTokens, long outputTokens, Optional<Long> cost) {}

  /**
   * The calls of one account on one node.
   *
   * @param running the number of the account's calls that run now
   * @param minute the usage of the account's calls that ended within the last minute
   */
  record AccountActivity(UsageAccount account, int running, Used minute) {}

  /**
   * The calls of one account on all nodes, as shown to people.
   *
   * @param service the name of the service, or of the project if the viewer must not know the
   *     service
   */
  record Line(String service, Optional<String> project, Handle user, long running, Used minute) {}

  /**
   * The activity that one viewer sees.
   *
   * @param complete whether all nodes have had time to report; if false, look again two seconds
   *     later
   * @param accounts the number of accounts, which can be greater than the number of lines
   */
  record Seen(boolean complete, long accounts, List<Line> lines) {
    public Seen {
      lines = List.copyOf(lines);
    }
  }
}
