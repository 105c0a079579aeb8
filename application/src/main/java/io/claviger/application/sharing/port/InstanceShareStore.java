package io.claviger.application.sharing.port;

import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

/** The shares of instances. */
public interface InstanceShareStore extends ShareStore<InstanceId> {
  /** Finds a share and keeps it as it is until the transaction ends; others may do the same. */
  Optional<Share> hold(InstanceId instance, UserId grantee);

  /** Those given by the strength of a co-owner's own share. */
  List<Share> givenVia(InstanceId instance, UserId coOwner);
}
