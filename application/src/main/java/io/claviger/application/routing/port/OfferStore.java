package io.claviger.application.routing.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores which models providers list. A list that was fetched with a user's own key belongs only to
 * that user, and is deleted when the key is deleted or replaced. All lists of a service are deleted
 * with the service.
 */
public interface OfferStore {
  /**
   * Returns the lists of these services: both the lists for everybody and the lists for one user.
   */
  List<FetchedModelList> lists(User.Id user, Collection<Instance.Id> services);

  /**
   * Chooses the lists that may be requested now.
   *
   * @param wanted the lists in the order of preference
   * @param before a list is chosen only if nobody has requested it since this time
   * @param most the greatest number of lists chosen
   */
  List<ListOf> due(List<ListOf> wanted, Instant before, int most);

  /**
   * Records that a list is requested now, if it may be requested. If several nodes want to request
   * the same list at the same time, only one of these nodes may do so.
   *
   * @param before the list may be requested only if nobody has requested it since this time
   * @return whether the caller of this method may request the list
   */
  boolean claim(ListOf of, Instant now, Instant before);

  /**
   * Replaces a list. Nothing is stored if the service no longer exists, or if the user's key was
   * deleted or replaced.
   *
   * @param endpoint the endpoint at which the provider was called; the list is valid only while the
   *     service has this endpoint
   * @param keySetAt if the list was fetched with a user's key, the time at which that key was
   *     stored; empty if everybody gets the list
   */
  void save(ListOf of, Endpoint endpoint, Optional<Instant> keySetAt, ModelList models, Instant at);

  /**
   * Identifies a list by its service and its user.
   *
   * @param user the only user who gets the list, because it was fetched with this user's own key;
   *     empty if everybody gets the list
   */
  record ListOf(Instance.Id service, Optional<User.Id> user) {}

  /** A list that a provider sent. */
  record FetchedModelList(ListOf of, Endpoint endpoint, ModelList models, Instant at) {}
}
