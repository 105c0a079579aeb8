package io.claviger.application.sharing.port;

import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface InstanceShareStore extends ShareStore<Instance.Id> {
  /**
   * Locks the projects that close when a user's share of a service ends or permits less, until the
   * transaction ends. These projects are open to everybody because of this share, or because of a
   * share that the user gave as a co-owner. Projects are locked before services, so this method is
   * called before the service is locked. Does nothing if the holder is a group.
   */
  void lockOpened(Instance.Ref service, GranteeName holder);

  /**
   * Locks the same projects after the share was locked. From then on, nobody can open further
   * projects because of the share. Waits for no other transaction.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if another transaction has locked a
   *     project that was opened after the first call
   */
  void lockOpenedSince(Instance.Id service, GranteeId holder);

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
