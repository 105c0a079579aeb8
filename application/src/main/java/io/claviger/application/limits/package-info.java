/**
 * The limits that administrators set for users and for groups. They apply to all calls of a user,
 * in addition to those of services, shares and tokens.
 */
@NullMarked
package io.claviger.application.limits;

import org.jspecify.annotations.NullMarked;
