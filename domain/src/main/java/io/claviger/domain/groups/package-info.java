/** Groups of users, who can be given a share together. */
@NullMarked
package io.claviger.domain.groups;

import org.jspecify.annotations.NullMarked;
