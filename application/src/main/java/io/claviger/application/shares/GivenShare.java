package io.claviger.application.shares;

import io.claviger.domain.sharing.Share;

/**
 * A share after it was given.
 *
 * @param created whether there was none before
 * @param changed whether it differs from the share that was there before
 */
public record GivenShare(Share share, boolean created, boolean changed) {}
