/**
 * The limits that administrators set for users and groups, in addition to the limits of services,
 * shares and tokens. The limits of a user and of the user's groups apply to all calls of the user.
 */
package io.claviger.application.limits;
