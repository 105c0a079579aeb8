/**
 * Transfers: a user offers services and projects to another user, who accepts or declines. This
 * package decides what is allowed; the application and the database change the owner.
 */
@NullMarked
package io.claviger.domain.transfers;

import org.jspecify.annotations.NullMarked;
