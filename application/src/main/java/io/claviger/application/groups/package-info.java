/** Groups of users and their members. */
@NullMarked
package io.claviger.application.groups;

import org.jspecify.annotations.NullMarked;
