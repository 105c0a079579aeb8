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
   * Finds a share and prevents changes of it until the transaction ends. Several transactions can
   * have this lock on the same share at the same time.
   */
  Optional<Share> hold(Instance.Id instance, GranteeId grantee);

  /**
   * Finds the share that a user's calls use, among the shares of a service that the user's groups
   * have. Also prevents changes of the share and of the membership until the transaction ends.
   * Several transactions can have this lock on the same share and membership at the same time.
   *
   * @param now the time that decides which shares have expired
   */
  Optional<GroupShare> holdByGroup(Instance.Id instance, User.Id user, Instant now);

  /**
   * Returns a share as a text that {@link #ofImage} can read.
   *
   * @param answers the request to borrow that the share grants
   */
  String image(Instance.Id instance, GranteeId grantee, Optional<BorrowRequest.Id> answers);

  /** Reads a share from its image. */
  Imaged ofImage(String image);

  /**
   * A share that was read from its image, with the other content of the image.
   *
   * @param answers the request to borrow that the share grants
   */
  record Imaged(Share share, Optional<BorrowRequest.Id> answers) {}

  /** Lists the shares that a co-owner gave on the basis of their own share. */
  List<Share> givenVia(Instance.Id instance, User.Id coOwner);
}
