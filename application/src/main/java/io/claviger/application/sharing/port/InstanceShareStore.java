package io.claviger.application.sharing.port;

import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface InstanceShareStore extends ShareStore<Instance.Id> {
  /**
   * Finds a share and locks it against changes until the transaction ends. Several transactions can
   * hold this lock on the same share at the same time.
   */
  Optional<Share> hold(Instance.Id instance, GranteeId grantee);

  /**
   * Finds the group share that is used for a user's calls of a service. This is one of the shares
   * that the user's groups hold. Until the transaction ends, nobody can change the share or the
   * membership. Several transactions can hold this lock at the same time.
   *
   * @param now the time that decides which shares have expired
   */
  Optional<GroupShare> holdByGroup(Instance.Id instance, User.Id user, Instant now);

  /**
   * Returns the image of a share, which is a text that {@link #ofImage} reads.
   *
   * @param answers if present, the request that is granted by the share
   */
  String image(Instance.Id instance, GranteeId grantee, Optional<BorrowRequest.Id> answers);

  /** Reads a share from its image. */
  Imaged ofImage(String image);

  /**
   * The content of an image: a share, and the request that the share grants if there is one.
   *
   * @param answers if present, the request that is granted by the share
   */
  record Imaged(Share share, Optional<BorrowRequest.Id> answers) {}

  /** Lists the shares that a co-owner was allowed to give because of the co-owner's own share. */
  List<Share> givenVia(Instance.Id instance, User.Id coOwner);
}
