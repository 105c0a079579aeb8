package io.claviger.application.instances.port;

import io.claviger.domain.instances.Instance;

/**
 * The accounts at providers that the keys of services reach. All methods are called in a
 * transaction that has locked the service.
 */
public interface ProviderAccounts {
  /**
   * Whether anything is on record that was stored or shared in the present account, or still has to
   * be deleted there.
   */
  boolean holdsObjects(Instance.Id service);

  /**
   * Begins another account. All that is on record of the former one ends, and stays there. What
   * calls that began before make in the former account is not recorded any more.
   *
   * @return how many objects ended
   */
  int change(Instance.Id service);
}
