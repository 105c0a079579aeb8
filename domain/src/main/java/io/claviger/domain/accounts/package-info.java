/** Users, their handles, and the access tokens that identify them. */
package io.claviger.domain.accounts;
