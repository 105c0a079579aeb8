package io.claviger.application.oauth.port;

import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.UserCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores device sign-ins until the device has fetched its token. Device codes are stored as hashes.
 * The database's clock decides when device sign-ins expire and when devices may poll again, because
 * the clocks of nodes can differ.
 */
public interface DeviceCodeStore {
  /**
   * The numbers of unexpired device sign-ins, in total and from an address and its networks.
   *
   * @param ofAddress the number of sign-ins that began from the address
   * @param ofWide the number of sign-ins that began from the address's /56 IPv6 network
   * @param ofSite the number of sign-ins that began from the address's /48 IPv6 network
   */
  record Open(int ofAddress, int ofWide, int ofSite, int inAll) {}

  /** Returns the time of the database's clock. */
  Instant now();

  /**
   * Counts unexpired device sign-ins. Until this transaction ends, other transactions wait before
   * they count device sign-ins.
   */
  Open lockAndCount(String address);

  /**
   * Deletes the oldest waiting device sign-ins from the address block with the most waiting
   * sign-ins, which is found like the most crowded block in {@link AddressBlock#toClose}.
   *
   * @param most the maximum number of device sign-ins to delete
   * @return the number of deleted sign-ins; 0 if no sign-in waits for approval
   */
  int deleteOldestOfMostCrowded(int most);

  /**
   * Stores a new device sign-in.
   *
   * @param device the sign-in, whose times are times of the database's clock
   * @throws io.claviger.application.shared.ConcurrencyConflict if one of the sign-in's codes is
   *     taken
   */
  void insert(DeviceAuthorization device, TokenHash deviceCode);

  Optional<DeviceAuthorization> find(TokenHash deviceCode);

  /** Finds a device sign-in by its device code, and locks it until the transaction ends. */
  Optional<DeviceAuthorization> lock(TokenHash deviceCode);

  Optional<DeviceAuthorization> find(UserCode userCode);

  /** Finds a device sign-in by its user code, and locks it until the transaction ends. */
  Optional<DeviceAuthorization> lock(UserCode userCode);

  /**
   * Records a poll of a device. The device may poll again after the polling interval.
   *
   * @param at the time at which the device polled, by the database's clock
   */
  void recordPoll(UUID id, Instant at, Duration interval);

  void recordAnswer(UUID id, DeviceAuthorization.UserDecision answer);

  void delete(UUID id);

  /**
   * Deletes the device sign-ins that expired longer ago than the given time, and returns their
   * number.
   */
  int deleteExpired(Duration ago);
}
