package io.claviger.application.routing.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores the lists of models that providers returned. A list that was fetched with a user's own key
 * is for this user only. The list is deleted when the key is deleted or replaced. If a service is
 * deleted, all its lists are deleted.
 */
public interface ModelListStore {
  /**
   * The maximum {@linkplain ModelList#weight() weight} of the lists that one caller gets. Without a
   * maximum, the lists of very many services could take all the memory of a node.
   */
  int MOST_WEIGHT = 8 * 1024 * 1024;

  /**
   * The maximum {@linkplain ModelList#weight() weight} of the lists that are stored for one owner's
   * services, and also of the lists that were fetched with one user's own keys. Providers choose
   * the lists, and every user can be a provider. Lists of system-level services that everybody gets
   * do not count.
   */
  int MOST_STORED = 4 * MOST_WEIGHT;

  /**
   * Returns the lists of these services for everybody and for this user. If these lists together
   * weigh more than {@link #MOST_WEIGHT}, some are left out. The user's own services come first,
   * then system-level services, services that the user accepted for bare names (model names without
   * a service), and other services. Within each of these groups, each owner gets an equal part of
   * the weight, and small lists come first. So nobody can displace other people's lists by large
   * lists of their own.
   */
  List<FetchedModelList> lists(User.Id user, Collection<Instance.Id> services);

  /**
   * Chooses the lists that may be requested now.
   *
   * @param wanted the lists in order of preference
   * @param apart the minimum time between two requests of a list; lists that were requested more
   *     recently are not chosen
   * @param most the maximum number of chosen lists
   */
  List<ListOf> due(List<ListOf> wanted, Duration apart, int most);

  /**
   * If the given list may be requested now, records that it is requested now. If several nodes call
   * this method at the same time, only one of them may request the list.
   *
   * @param apart the minimum time between two requests of the list, by the database's clock
   * @return whether the caller of this method may request the list
   */
  boolean claim(ListOf of, Duration apart);

  /**
   * Replaces a list. Blocks while other lists are stored. Nothing is stored if the service no
   * longer exists, or if the key that was used was deleted or replaced. Nothing is stored either if
   * the list and the other stored lists of the same owner or user would together weigh more than
   * {@link #MOST_STORED}. A list that weighs no more than the list that it replaces is stored even
   * then, because the lists of an owner who received services in a transfer can already weigh more.
   * If too many lists are being stored at the same time, this one may be left out, too.
   *
   * @param endpoint the called endpoint of the provider; the list is valid only while the service
   *     has this endpoint
   * @param keySetAt the time at which the used key was stored; empty if the list was fetched with a
   *     key that Claviger does not store, or without a key
   * @return whether the list was stored
   */
  boolean save(
      ListOf of, Endpoint endpoint, Optional<Instant> keySetAt, ModelList models, Instant at);

  /**
   * Identifies a list by its service and its user.
   *
   * @param user the user whose own key was used to fetch the list, and the only user who gets this
   *     list; empty if everybody gets the list
   */
  record ListOf(Instance.Id service, Optional<User.Id> user) {}

  /** A list of models that a provider returned. */
  record FetchedModelList(ListOf of, Endpoint endpoint, ModelList models, Instant at) {}
}
