/**
 * Transfers: a user offers services and projects to another one, who accepts or declines. Which
 * rows change owner, and how, is up to the application and the database.
 */
@NullMarked
package io.claviger.domain.transfers;

import org.jspecify.annotations.NullMarked;
