package io.claviger.application.activity.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.ActivitySight;
import io.claviger.domain.usage.UsageAccount;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where nodes tell what runs on them, while somebody looks. What a node has reported counts for
 * five seconds. All methods throw {@link io.claviger.application.shared.StoreUnavailable} when the
 * database does not answer.
 */
public interface ActivityStore {
  /** Whether somebody has looked within the last ten seconds. */
  boolean isWatched();

  /**
   * Replaces what a node has reported before. What belongs to services, users and projects that are
   * gone is left out.
   */
  void report(UUID node, List<AccountActivity> accounts);

  /**
   * Looks at what runs on all nodes, which tell it from now on. The accounts with the most running
   * calls come first, then those with the most calls.
   *
   * @param limit the most accounts that are returned
   */
  Seen look(Question of, int limit);

  /** Removes what nodes reported more than a minute ago. Returns how much that was. */
  int removeOld();

  /**
   * Which calls to look for.
   *
   * @param viewer who looks, and who may know the services' names
   * @param only only calls of this service or project; empty for all calls
   */
  record Question(User.Id viewer, ActivitySight sight, Optional<UUID> only) {}

  /**
   * How much calls used.
   *
   * @param calls that reached a provider
   * @param refused that were refused
   * @param cost in nano-dollars; empty if none of the calls had a price
   */
  record Used(long calls, long refused, long inputTokens, long outputTokens, Optional<Long> cost) {}

  /**
   * What an account does on one node.
   *
   * @param running how many of its calls run now
   * @param minute what its calls used that ended within the last minute
   */
  record AccountActivity(UsageAccount account, int running, Used minute) {}

  /**
   * What an account does on all nodes, as people see it.
   *
   * @param service the service, or the project for somebody who may not know the service
   */
  record Line(String service, Optional<String> project, Handle user, long running, Used minute) {}

  /**
   * What somebody sees.
   *
   * @param complete whether all nodes had the time to tell what runs on them. Without that, ask
   *     again two seconds later
   * @param accounts how many accounts there are; there may be fewer lines
   */
  record Seen(boolean complete, long accounts, List<Line> lines) {
    public Seen {
      lines = List.copyOf(lines);
    }
  }
}
