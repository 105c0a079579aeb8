package io.claviger.application.instances.port;

import io.claviger.domain.instances.Instance;

/**
 * Records which accounts at providers the keys of services reach. All methods are called in a
 * transaction that has locked the service.
 */
public interface ProviderAccounts {
  /**
   * Whether there are records of objects in the present account: objects that were stored or shared
   * there, or that still have to be deleted there.
   */
  boolean holdsObjects(Instance.Id service);

  /**
   * Records that the service reaches another account from now on. The records of stored and shared
   * objects in the former account end; the objects themselves stay in that account. If a running
   * call creates an object in the former account after this, the object is not recorded.
   *
   * @return how many objects ended
   */
  int change(Instance.Id service);
}
