package io.claviger.application.sharing.out;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

/** The shares of instances: at most one for each instance and user. */
public interface Shares {
  Optional<Share> find(InstanceId instance, UserId grantee);

  /** Finds a share and locks it for changing until the transaction ends. */
  Optional<Share> lock(InstanceId instance, UserId grantee);

  /** Finds a share and keeps it as it is until the transaction ends; others may do the same. */
  Optional<Share> hold(InstanceId instance, UserId grantee);

  /** By the grantee's handle. */
  List<Share> of(InstanceId instance, Optional<Handle> after, int limit);

  /** Those given by the strength of a co-owner's own share. */
  List<Share> givenVia(InstanceId instance, UserId coOwner);

  /**
   * @param givenBy who gives it
   * @throws io.claviger.application.shared.LostRace when there is one already, or the instance, the
   *     grantee or the share it is given by is gone
   */
  void insert(InstanceId instance, Share share, UserId givenBy);

  /** Replaces the terms, version and giver of a share that is there. */
  void update(InstanceId instance, Share share, UserId givenBy);

  /** Ends a share, and with it those given by its strength; says whether there was one. */
  boolean delete(InstanceId instance, UserId grantee);
}
